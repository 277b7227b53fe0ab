/** Why a whole file cannot be read. The message is for people, in Indonesian: what is wrong, and what to do. */
export class TableFault extends Error {
  override readonly name = 'TableFault';
}
