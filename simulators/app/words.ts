/** Invented people and believable words. No name, number or address here belongs to anyone. */
export const PEOPLE = [
  'Sri Wahyuni', 'Bambang Prasetyo', 'Tri Lestari', 'Agus Setiawan', 'Nur Hidayah', 'Slamet Riyanto', 'Dwi Astuti',
  'Eko Purnomo', 'Siti Maryam', 'Yusuf Kurniawan', 'Endang Susilowati', 'Rizky Ramadhan', 'Wulan Sari', 'Joko Santosa',
] as const; // biome-ignore format: one glance

export const PLACES = [
  'Desa Karangjati', 'Desa Sumberagung', 'Kelurahan Wonosari', 'Dusun Krajan', 'Jalan Melati', 'Pasar Legi',
  'depan SDN 2 Tegalrejo', 'perempatan Kaliputih', 'Perumahan Griya Asri', 'jembatan Kali Bening',
] as const; // biome-ignore format: one glance

export const REPORTS = [
  { title: 'Jalan berlubang', category: 'Jalan', photo: true, text: 'Jalan di {tempat} berlubang besar, sudah dua pengendara motor jatuh minggu ini. Mohon segera ditambal sebelum ada korban lagi.' },
  { title: 'Lampu jalan mati', category: 'Penerangan', photo: false, text: 'Lampu penerangan jalan di {tempat} mati sejak hari Senin. Kalau malam gelap sekali dan warga takut lewat.' },
  { title: 'Sampah menumpuk', category: 'Kebersihan', photo: true, text: 'Sampah di {tempat} tidak diangkut sudah lima hari, baunya sampai ke rumah warga. Kapan jadwal pengangkutannya?' },
  { title: 'Air PDAM tidak mengalir', category: 'Air bersih', photo: false, text: 'Sudah tiga hari air PDAM di {tempat} tidak mengalir sama sekali, padahal tagihan dibayar tepat waktu.' },
  { title: 'Saluran air tersumbat', category: 'Drainase', photo: true, text: 'Selokan di {tempat} tersumbat lumpur, tiap hujan air masuk ke halaman. Mohon dikeruk.' },
  { title: 'Antrean KTP', category: 'Kependudukan', photo: false, text: 'Saya mengurus KTP elektronik dari bulan lalu, katanya blangko habis. Kapan kira-kira bisa dicetak?' },
  { title: 'Pelayanan puskesmas', category: 'Kesehatan', photo: false, text: 'Loket pendaftaran puskesmas dekat {tempat} baru buka jam sembilan, padahal tertulis jam tujuh tiga puluh.' },
  { title: 'Pohon tumbang', category: 'Bencana', photo: true, text: 'Ada pohon tumbang menutup separuh jalan di {tempat} setelah hujan angin tadi sore.' },
] as const; // biome-ignore format: one line each

export const POSTS = [
  'Pemkab mulai memperbaiki jalan antardesa pekan ini. Mohon maaf atas gangguan lalu lintas.',
  'Jadwal Mal Pelayanan Publik: Senin sampai Jumat, pukul 08.00 sampai 15.00 WIB.',
] as const;

export const COMMENTS = [
  'Min, yang di {tempat} kapan dapat giliran? Sudah tiga tahun rusak.',
  'Alhamdulillah, terima kasih Pak, jalannya sekarang halus 🙏',
  'Tolong lampu merah di {tempat} dicek, sering mati sendiri.',
  'Jam segini loketnya sudah tutup, padahal di sini tertulis sampai jam tiga.',
  'Mantap, semoga merata sampai ke desa.',
  'Nomor layanan yang di bio tidak bisa dihubungi, mohon dicek.',
] as const;

export const BURST = [
  'Assalamualaikum',
  'mau lapor pak',
  'jembatan gantung di {tempat} papannya lepas',
  'ini fotonya',
  'anak sekolah tiap hari lewat situ 😢',
] as const;
