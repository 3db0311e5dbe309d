import { parseArgs } from 'node:util';
import { UsageError } from '../usage-error.mjs';
import { contenders } from './contenders.mjs';
import { operations } from './workload.mjs';

const ids = contenders.map(({ id }) => id);

export const HELP = `usage: bench client [options]

  --ops <names>         comma-separated, of ${operations.join(',')} (all)
  --sizes <bytes>       of values (16,1024)
  --in-flight <counts>  commands under way at a time (1,50,1000)
  --rounds <n>          rounds to take the median of (5)
  --contenders <ids>    of ${ids.join(',')} (all)
  --json <file>         write the raw numbers there
  --check               exit 1 when a floor is missed
  --smoke               no timing: check replies, counts and that all processes end

REDIS_URL names a server to use instead of one of our own.`;

/** @throws {UsageError} */
export function parseOptions(args) {
  const { values } = parse(args);
  const chosen = list(values.contenders ?? ids.join(',')).map((id) => oneOf('--contenders', id, ids));
  return {
    help: values.help,
    smoke: values.smoke,
    check: values.check,
    json: values.json,
    rounds: positive('--rounds', values.rounds),
    operations: list(values.ops).map((op) => oneOf('--ops', op, operations)),
    sizes: list(values.sizes).map((size) => positive('--sizes', size)),
    inFlight: list(values['in-flight']).map((count) => positive('--in-flight', count)),
    contenders: contenders.filter(({ id }) => chosen.includes(id)),
  };
}

function parse(args) {
  try {
    return parseArgs({
      args,
      options: {
        ops: { type: 'string', default: operations.join(',') },
        sizes: { type: 'string', default: '16,1024' },
        'in-flight': { type: 'string', default: '1,50,1000' },
        rounds: { type: 'string', default: '5' },
        contenders: { type: 'string' },
        json: { type: 'string' },
        check: { type: 'boolean', default: false },
        smoke: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new UsageError(`${error.message}\n\n${HELP}`);
  }
}

const list = (text) => [...new Set(text.split(','))];

function positive(option, text) {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1)
    throw new UsageError(`${option} takes positive integers, got "${text}"`);
  return number;
}

function oneOf(option, value, allowed) {
  if (allowed.includes(value)) return value;
  throw new UsageError(`${option} takes ${allowed.join(', ')}, got "${value}"`);
}
