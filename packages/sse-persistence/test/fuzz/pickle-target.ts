import { damage, type FuzzTarget, type Next, pick, several } from '@redlane/fuzz';
import { InvalidMessageFormat } from '../../src/index.js';
import {
  decodePickle,
  PickleError,
  readPythonListener,
  readPythonMessage,
} from '../../src/migration/index.js';
import { pickles } from '../support/pickles.js';

const SOUND = Object.values(pickles).map((hex) => Buffer.from(hex, 'hex'));
const CLASSES = new Set(['eric_sse.message.Message', 'eric_sse.persistence.PersistableListener']);
const NEW_MESSAGE = 'ceric_sse.message\nMessage\n)\x81';

/** Each is one opcode, or a few that make sense together; most need something else on the stack. */
const OPCODES: readonly string[] = [
  ...'NK)}](tau.sbe0',
  '\x88\x89',
  'K\x07',
  'M\xff\xff',
  'J\xff\xff\xff\xff',
  '\x8a\x00',
  '\x8a\xff',
  'G\x7f\xf0\x00\x00\x00\x00\x00\x00',
  '\x8c\x01a',
  '\x8c\x09__proto__',
  '\x8c\xff',
  'X\xff\xff\xff\xff',
  '\x8d\xff\xff\xff\xff\xff\xff\xff\xff',
  'C\x02\xff\xff',
  '\x85\x86\x87',
  'q\x00h\x00',
  'r\xff\xff\xff\xffj\xff\xff\xff\xff',
  '\x94',
  '\x93',
  '\x81b',
  'cos\nsystem\n',
  'ceric_sse.message\nMessage\n',
  NEW_MESSAGE,
  `${NEW_MESSAGE}}\x8c\x05_typeX\x01\x00\x00\x00tsb`,
];

/** Pickles of strangers: they are data of a known kind, or refused with a coded error; nothing is run, no prototype is touched. */
export const pickleTarget: FuzzTarget<Uint8Array> = {
  name: 'pickle',
  input: (next) => (next(2) === 0 ? damage(pick(next, SOUND), next, OPCODES) : program(next)),
  check: (bytes) => {
    const readings = [
      attempt(() => decodePickle(bytes, { classes: CLASSES })),
      attempt(() => readPythonMessage(bytes)),
      attempt(() => readPythonListener(bytes)),
    ];
    if ('state' in {} || '_type' in {}) throw new Error('Object.prototype was changed');
    return readings.join(' ');
  },
  show: (bytes) => Buffer.from(bytes).toString('hex'),
};

function attempt(read: () => unknown): string {
  try {
    read();
    return 'read';
  } catch (error) {
    if (error instanceof PickleError || error instanceof InvalidMessageFormat) return error.code;
    throw error;
  }
}

function program(next: Next): Uint8Array {
  const opcodes = several(next, 60, () => {
    const opcode = pick(next, OPCODES);
    return next(20) === 0 ? opcode.repeat(next(200)) : opcode;
  });
  return Buffer.from(`\x80${String.fromCharCode(1 + next(6))}${opcodes.join('')}.`, 'latin1');
}
