/** What citizens write by mail. Invented people; no address here belongs to anyone. */
export const CITIZENS = [
  ['Sri Wahyuni', 'sri.wahyuni'], ['Bambang Prasetyo', 'bambang.p'], ['Nur Hidayah', 'nurhidayah88'],
  ['Slamet Riyanto', 'slamet.riyanto'], ['Dwi Astuti', 'dwi.astuti'], ['Joko Santosa', 'jokosantosa'],
] as const; // biome-ignore format: one glance
export const CITIZENS_DOMAIN = 'surel.example';

export const LETTERS = [
  {
    subject: 'Lampu jalan di Jalan Melati mati',
    text: 'Lampu penerangan jalan di Jalan Melati dekat pos ronda mati sejak hari Senin. Kalau malam gelap sekali dan sudah ada yang terserempet motor.\n\nMohon segera diperbaiki.',
  },
  {
    subject: 'Sampah di belakang Pasar Legi',
    text: 'Sampah di belakang Pasar Legi sudah lima hari tidak diangkut. Baunya sampai ke rumah warga RT 03.\n\nKapan jadwal pengangkutannya?',
  },
  {
    subject: 'Antrean cetak KTP elektronik',
    text: 'Saya mengurus KTP elektronik sejak bulan lalu, katanya blangko habis. Sudah dua kali saya datang ke loket dan disuruh kembali.\n\nKira-kira kapan bisa dicetak?',
  },
  {
    subject: 'Loket puskesmas buka terlambat',
    text: 'Loket pendaftaran puskesmas baru buka jam sembilan, padahal tertulis jam tujuh tiga puluh. Banyak lansia menunggu di luar.',
  },
  {
    subject: 'Air PDAM keruh',
    text: 'Tiga hari ini air PDAM di Perumahan Griya Asri keruh dan berbau. Tidak bisa dipakai memasak.\n\nMohon diperiksa.',
  },
] as const;

export const REPLIES = [
  'Terima kasih, kami tunggu kabarnya.',
  'Sampai pagi ini belum ada petugas yang datang. Mohon dibantu lagi.',
  'Baik, terima kasih. Tambahan: yang mati tiga tiang, bukan satu.',
] as const;
