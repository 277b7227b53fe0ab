/** Whose advice it is. */
interface Whose {
  id: string;
  connects: boolean;
}

/** What a person should do about a channel in this state, in plain Indonesian; an empty text: nothing. Pure. */
export function adviceOf(state: string, { id, connects }: Whose): string {
  const anew = connects
    ? `Hubungkan lagi akunnya dengan: kanal channel connect ${id}.`
    : 'Simpan kredensial yang baru dengan: kanal secret set <NAMA>. Namanya ada di berkas kanal itu.';
  const advice: Record<string, string> = {
    degraded: `Tunggu sebentar: hub mencoba lagi sendiri. Bila berlarut, periksa layanannya, lalu jalankan: kanal check --live.`,
    authNeeded: `${anew} Yang antre terkirim sendiri sesudahnya.`,
    throttled: 'Tidak perlu apa-apa: hub menunggu selama yang diminta platform. Bila sering, perjarang poll.every.',
    quotaSpent:
      'Tidak perlu apa-apa: yang antre terkirim berurutan saat kuota terisi lagi. Yang mendesak, jawab langsung di platformnya dan tandai di hub.',
    silent:
      'Kirim pesan percobaan ke kanal itu. Bila tidak masuk, periksa langganan webhook dan alamat yang terdaftar di platform; bila masuk, sesuaikan expect.every.',
    misconfigured: 'Perbaiki berkas kanal itu menurut: kanal check. Kanal lain tetap berjalan.',
    paused: `Lanjutkan bila sudah siap: kanal channel resume ${id}.`,
    awaitingAccess:
      'Tunggu keputusan platform, dan pantau surel pengelola akun. Setelah izin keluar, hapus awaitingAccess dari berkas kanal itu.',
    offline:
      'Periksa sambungan internet kantor dan DNS di server hub. Tidak ada aduan yang hilang: semua dijemput saat sambungan kembali.',
    expiry: `${anew} Lakukan sebelum berakhir supaya tidak ada jeda.`,
    certificate: 'Perbarui sertifikat server itu, atau mintalah pengelolanya memperbaruinya.',
  };
  return advice[state] ?? '';
}
