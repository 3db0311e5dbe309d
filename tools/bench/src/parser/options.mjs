import { parseArgs } from 'node:util';
import { UsageError } from '../usage-error.mjs';
import { chunkings } from './chunks.mjs';
import { corpora } from './corpora.mjs';

export const HELP = `usage: bench parser [options]

  --corpus <ids>    comma-separated, of ${Object.keys(corpora).join(',')} (all)
  --mode <mode>     strings, bytes or both (both)
  --chunks <size>   ${Object.keys(chunkings).join(' or ')} (64k)
  --rounds <n>      rounds to take the median of (7)
  --json <file>     write the raw numbers there
  --check           exit 1 when a floor is missed (64k only)
  --smoke           no timing: check that all decoders return equal values`;

/** @throws {UsageError} */
export function parseOptions(args) {
  const { values } = parse(args);
  if (values.check && values.chunks !== '64k')
    throw new UsageError('--check needs --chunks 64k: there are no other floors');
  return {
    help: values.help,
    smoke: values.smoke,
    check: values.check,
    json: values.json,
    rounds: parseRounds(values.rounds),
    modes:
      values.mode === 'both'
        ? ['strings', 'bytes']
        : [oneOf('--mode', values.mode, ['strings', 'bytes', 'both'])],
    chunks: oneOf('--chunks', values.chunks, Object.keys(chunkings)),
    corpora:
      values.corpus === undefined
        ? Object.keys(corpora)
        : values.corpus.split(',').map((id) => oneOf('--corpus', id, Object.keys(corpora))),
  };
}

function parse(args) {
  try {
    return parseArgs({
      args,
      options: {
        corpus: { type: 'string' },
        mode: { type: 'string', default: 'both' },
        chunks: { type: 'string', default: '64k' },
        rounds: { type: 'string', default: '7' },
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

function parseRounds(text) {
  const rounds = Number(text);
  if (!Number.isInteger(rounds) || rounds < 1)
    throw new UsageError(`--rounds must be a positive integer, got "${text}"`);
  return rounds;
}

function oneOf(option, value, allowed) {
  if (allowed.includes(value)) return value;
  throw new UsageError(`${option} takes ${allowed.join(', ')}, got "${value}"`);
}
