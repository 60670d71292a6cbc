/** What a document says, all of it text for people, before it is put on pages. */
export interface Paper {
  title: string;
  /** BCP 47. */
  language: string;
  issuedAt: Date;
  /** Across the page, for tables of many columns. */
  isLandscape?: true;
  sections: Section[];
}

export interface Section {
  heading: string;
  /** Begins a page of its own, where it is not the first. */
  isOwnPage: boolean;
  facts: Fact[];
  tables: Table[];
  totals: Total[];
}

export type Fact = readonly [label: string, value: string];

export interface Table {
  columns: Column[];
  rows: Row[];
  /** The sums of its columns. */
  foot?: Row;
  /** Small, for many columns. */
  isDense?: true;
}

interface Column {
  label: string;
  /** Of the width of the page; they sum to 1. */
  share: number;
  isNumber: boolean;
}

export interface Row {
  cells: string[];
  /** Small, below the first cell. */
  detail: string;
}

export interface Total {
  label: string;
  amount: string;
  isStrong: boolean;
}

/** The first column is text, the others are numbers. */
export function columnsOf(...columns: readonly [label: string, share: number][]): Column[] {
  return columns.map(([label, share], index) => ({ label, share, isNumber: index > 0 }));
}
