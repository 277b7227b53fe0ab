/** Stands above every answer of ours: what comes back below a line with it is quoted, in whatever mail program. */
export const CUT_MARK = '##- Mohon balas di atas baris ini -##';
