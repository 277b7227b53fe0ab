/** Words of complaints, the most common first. */
const COMMON = `jalan rusak air mohon sudah belum desa warga lampu sampah pasar kami perbaikan segera depan petugas lama
  banjir saluran listrik kantor pelayanan antre KTP dokumen sekolah guru puskesmas obat jembatan lubang aspal hujan
  parkir macet trotoar drainase selokan bau limbah sungai pipa bocor PDAM mati gelap penerangan kecamatan kelurahan
  bantuan sosial BPJS kartu keluarga akta kelahiran pindah domisili pajak bumi bangunan izin usaha pedagang kaki lima
  terminal angkutan bus halte rambu marka kecelakaan anjing liar nyamuk fogging demam posyandu bidan dokter antrean
  loket daring aplikasi galat sandi nomor telepon tidak aktif pungutan biaya kuitansi petani pupuk irigasi sawah gagal
  panen benih ternak sapi vaksin hutan kebakaran asap tebing longsor tanggul jebol tiang roboh kabel menjuntai
  pohon tumbang taman bermain lapangan stadion gedung perpustakaan museum wisata pantai toilet kotor masjid makam
  tanah sengketa sertifikat batas pagar tetangga bising karaoke miras judi keamanan ronda pencurian motor`.split(/\s+/);

const SYLLABLES = ['ba', 'ci', 'du', 'ga', 'ja', 'ka', 'lo', 'me', 'ni', 'pa', 'ra', 'si', 'ta', 'wu', 'ya', 'ngo'];
const RARE = 20_000;

/** A district's vocabulary by rank: some common words and a long tail of names of places and people. */
export function vocabulary(): string[] {
  return [...COMMON, ...Array.from({ length: RARE }, (_, n) => rareWord(n))];
}

/** Distinct for each number: four syllables and one that spells the rest. */
function rareWord(n: number): string {
  let rest = n + 1;
  let word = '';
  for (let length = 0; length < 4; length += 1) {
    word += SYLLABLES[rest % SYLLABLES.length];
    rest = Math.floor(rest / SYLLABLES.length);
  }
  return `${word}ng`;
}

/** Two that stand in many complaints, one that stands in few. */
export const TWO_COMMON = `${COMMON[2]} ${COMMON[8]}`;
export const ONE_COMMON = COMMON[0]!;
export const ONE_RARE = rareWord(15_000);
