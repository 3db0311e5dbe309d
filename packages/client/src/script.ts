import { createHash } from 'node:crypto';

/**
 * A Lua script and the SHA-1 by which servers know it. Make one for a script that runs often: a plain string is hashed at
 * every run.
 */
export class Script {
  readonly source: string;
  readonly sha: string;

  constructor(source: string) {
    this.source = source;
    this.sha = createHash('sha1').update(source).digest('hex');
  }
}

export function scriptOf(script: string | Script): Script {
  return typeof script === 'string' ? new Script(script) : script;
}
