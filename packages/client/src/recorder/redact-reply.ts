import { RedisError, type RespNode } from '@redlane/resp3-core';
import { textOf } from '../subscriptions/text-of.js';
import { isSecretParameter, REDACTED, type Secrecy } from './redact-command.js';

const HIDDEN: RespNode = { type: '$', value: REDACTED };

/** A reply as it may be recorded. */
export function redactReply(node: RespNode, secrecy: Secrecy): RespNode {
  if (secrecy === 'none') return node;
  if (node.type === '-' || node.type === '!') {
    return { type: node.type, value: new RedisError(`${node.value.code} ${REDACTED}`) };
  }
  // A word of the protocol, as OK or QUEUED.
  if (secrecy === 'errors' || node.type === '+') return node;
  if (secrecy === 'all') return HIDDEN;
  return redactParameters(node);
}

/** The reply of EXEC: each element by the command that it answers. */
export function redactExec(node: RespNode, secrecies: readonly Secrecy[]): RespNode {
  if (node.type !== '*' || node.value === null) return node;
  return { ...node, value: node.value.map((each, index) => redactReply(each, secrecies[index] ?? 'all')) };
}

/** A map, or a flat array, of parameters and values. */
function redactParameters(node: RespNode): RespNode {
  if (node.type === '%') {
    return { ...node, value: node.value.map(([name, value]) => [name, isSecret(name) ? HIDDEN : value]) };
  }
  if (node.type !== '*' || node.value === null) return node;
  const items = node.value;
  return {
    ...node,
    value: items.map((item, index) => (index % 2 === 1 && isSecret(items[index - 1]) ? HIDDEN : item)),
  };
}

function isSecret(name: RespNode | undefined): boolean {
  return isSecretParameter(textOf(name?.value) ?? '');
}
