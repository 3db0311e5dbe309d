import type { RespNode, RespType } from './node.js';
import type { Refuse, ReplyForm, ReplyLevel } from './reply-level.js';

const TYPES: ReadonlySet<string> = new Set<RespType>([
  ...(['+', '-', ':', '$', '*', '_', '#'] as const),
  ...([',', '(', '!', '=', '~', '%', '>'] as const),
]);
const STREAMABLE: ReadonlySet<string> = new Set<RespType>(['$', '*', '~', '%']);

/** Typed trees: the RESP type is given. */
export const nodeReply: ReplyForm<RespNode> = {
  levelOf(node, refuse) {
    if (typeof node !== 'object' || node === null || !TYPES.has(node.type)) {
      throw refuse(
        'no node',
        "give it { type, value } with one of RESP's type characters, or use encodeReply",
      );
    }
    if (node.streamed === true && (!STREAMABLE.has(node.type) || node.value === null)) {
      throw refuse(
        `a streamed ${node.type}`,
        'only strings ($), arrays (*), sets (~) and maps (%) have a streamed form',
      );
    }
    if (node.attributes !== undefined) {
      checkPairs(node.attributes, refuse);
      const { attributes, ...value } = node;
      return { type: '|', attributes, value };
    }
    checkElements(node, refuse);
    return node as ReplyLevel<RespNode>;
  },
  isPush: (node) => node?.type === '>',
};

function checkElements(node: RespNode, refuse: Refuse): void {
  switch (node.type) {
    case '%':
      checkPairs(node.value, refuse);
      break;
    case '*':
      if (node.value !== null) checkList(node.value, refuse);
      break;
    case '~':
      checkList(node.value, refuse);
      break;
    case '>': {
      checkList(node.value, refuse);
      const type = node.value[0]?.type;
      if (type !== '$' && type !== '+')
        throw refuse('a push without a type', 'let its first element be a string');
      break;
    }
  }
}

function checkList(value: unknown, refuse: Refuse): void {
  if (!Array.isArray(value)) throw refuse('an aggregate without elements', 'give it an array of nodes');
}

function checkPairs(pairs: unknown, refuse: Refuse): void {
  if (!Array.isArray(pairs) || pairs.some((pair) => !Array.isArray(pair) || pair.length !== 2)) {
    throw refuse('pairs that are none', 'give it an array of [key, value] arrays');
  }
}
