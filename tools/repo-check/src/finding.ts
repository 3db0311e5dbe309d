/** What a check found. Only errors fail a run; advice is printed and that is all. */
export interface Finding {
  /** Path from the root of the repository, with forward slashes. */
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  readonly message: string;
  readonly severity: 'error' | 'advice';
}

export function error(file: string, line: number, message: string): Finding {
  return { file, line, message, severity: 'error' };
}

export function advice(file: string, line: number, message: string): Finding {
  return { file, line, message, severity: 'advice' };
}

/** The form that editors and terminals turn into links: `file:line message`. */
export function formatFinding({ file, line, message, severity }: Finding): string {
  return `${file}:${line} ${severity === 'advice' ? 'advice: ' : ''}${message}`;
}

/** The line of the first occurrence of a text, or 1: good enough to lead a reader to a key of a manifest. */
export function lineOf(text: string, part: string): number {
  const index = text.indexOf(part);
  return index < 0 ? 1 : text.slice(0, index).split('\n').length;
}
