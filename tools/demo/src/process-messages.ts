import type { FaultReport, Panel } from './contract.js';

/** Who is up, as the supervisor knows it. */
export type Roster = Pick<Panel, 'workers' | 'nodes'>;

/** From the supervisor to its children. */
export type ToChild =
  | { readonly type: 'roster'; readonly roster: Roster }
  | { readonly type: 'fault'; readonly report: FaultReport }
  | { readonly type: 'stop' };

/** From a child: it does its work now. A web node says on which port. */
export interface FromChild {
  readonly type: 'ready';
  readonly port?: number;
}
