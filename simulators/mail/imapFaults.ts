/** What goes wrong at the IMAP stand-in. Change it while it runs. */
export interface ImapFaults {
  /** A connection breaks in the middle of the mail after so many. */
  dropAfter?: number | undefined;
  /** Mails at whose bytes the connection always breaks. */
  poisoned?: Set<number> | undefined;
  /** The server has these mails and gives NIL for their bytes. */
  hollow?: Set<number> | undefined;
  /** Expunges this mail (by UID) when a FETCH of bytes has sent its first mail. */
  expungeDuringFetch?: number | undefined;
  /** Says nothing more once a client idles, and does not notice what comes. */
  silentIdle?: boolean | undefined;
  /** Refuses every command after the login so: milliseconds to wait. */
  throttledMs?: number | undefined;
  /** Folders that cannot be opened. */
  vanished?: Set<string> | undefined;
  /** SEARCH is answered NO. */
  refuseSearch?: boolean | undefined;
  /** Capabilities that this server does not have. */
  without?: Set<'IDLE' | 'SPECIAL-USE'> | undefined;
}

/** One command as it came: upper-case name (`UID FETCH`), the rest as written. */
export interface ImapCommand {
  readonly tag: string;
  readonly name: string;
  readonly args: string;
}

/** Instead of what is right: these bytes, and then the connection breaks or is silent. `undefined`: what is right. */
export interface ImapDeed {
  /** With CRLF; `{tag}` stands for the command's tag. */
  reply?: string;
  /** First do what the command asks; its answer gets lost. */
  work?: boolean;
  then?: 'drop' | 'silence';
}

export type ImapScript = (command: ImapCommand) => ImapDeed | undefined | Promise<ImapDeed | undefined>;
