/** The server's state was in the way, before execution: another server, or the same one later, will do it. */
export const REFUSED_CODES: readonly string[] = [
  'READONLY',
  'LOADING',
  'MASTERDOWN',
  'CLUSTERDOWN',
  'TRYAGAIN',
  'BUSY',
  'NOREPLICAS',
];
