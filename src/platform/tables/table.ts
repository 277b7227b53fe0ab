/** One row as it stands in the file. Dates are local, `2026-11-24T09:15:00`; numbers and yes/no are written out. */
export interface TableRow {
  /** As a person counts rows in a spreadsheet, from 1. */
  number: number;
  cells: string[];
  /** Why it cannot be read, in Indonesian. */
  fault?: string;
}

export interface Table {
  format: 'csv' | 'xlsx';
  /** The name of the sheet that was read. */
  sheet?: string;
  rows: TableRow[];
}

export interface TableOrder {
  /** Absent: the first sheet that is not hidden and not empty. */
  sheet?: string | undefined;
}

export const TABLE_LIMITS = {
  /** Of the file as it comes. */
  fileBytes: 16 * 1024 ** 2,
  rows: 50_000,
  columns: 300,
  zip: { entries: 2_000, bytes: 96 * 1024 ** 2 },
} as const;
