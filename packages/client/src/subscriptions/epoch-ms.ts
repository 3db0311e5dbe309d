/** A moment of `performance.now()`, in ms since 1970 as the clock says now. */
export function epochMs(at: number): number {
  return Math.floor(Date.now() - (performance.now() - at));
}
