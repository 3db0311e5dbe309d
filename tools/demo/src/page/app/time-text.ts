const format = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});

/** The time of the day of a moment in ms since 1970. */
export function timeText(at: number): string {
  return format.format(at);
}
