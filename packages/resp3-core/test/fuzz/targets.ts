import { type FuzzTarget, fuzzTarget } from '@redlane/fuzz';
import { BYTE_BY_BYTE, decode, type Outcome, WHOLE } from '../decode.js';
import { type DecoderInput, decoderInput } from './decoder-input.js';

/** Longer inputs are not decoded byte by byte. */
const LONG_BYTES = 1000;

export const targets: readonly FuzzTarget[] = [
  fuzzTarget({ name: 'decoder', input: decoderInput, check: checkDecoder, show }),
];

/** However the bytes are cut, the same comes out, or the same ProtocolError at the same place. */
function checkDecoder({ bytes, cuts, options, sound }: DecoderInput): string {
  const whole = decode(bytes, options, WHOLE);
  if (sound && whole.end !== 'done') throw new Error(`sound input ends in ${whole.end}`);
  compare('cut', whole, decode(bytes, options, cuts));
  if (bytes.length <= LONG_BYTES) compare('byte by byte', whole, decode(bytes, options, BYTE_BY_BYTE));
  return whole.end.split(' ')[0] ?? '';
}

function compare(how: string, whole: Outcome, other: Outcome): void {
  if (other.end !== whole.end) throw new Error(`${how} it ends in "${other.end}", whole in "${whole.end}"`);
  const at = whole.events.findIndex((event, i) => event !== other.events[i]);
  if (at !== -1) throw new Error(`${how} it gives ${other.events[at]}, whole ${whole.events[at]}`);
  if (other.events.length !== whole.events.length) throw new Error(`${how} it gives more than whole`);
}

function show({ bytes, cuts, options }: DecoderInput): string {
  const hex = Buffer.from(bytes).toString('hex');
  return `${hex}\ncuts: ${cuts.join(' ')}\noptions: ${JSON.stringify(options)}`;
}
