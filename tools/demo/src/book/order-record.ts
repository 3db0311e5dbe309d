import type { OrderEvent, OrderStatus } from '../contract.js';

/** The steps of an order, in their order. */
export const statuses: readonly OrderStatus[] = ['placed', 'confirmed', 'cooking', 'packed', 'finished'];

/** The step behind this one; `undefined` behind the last. */
export function nextStatus(status: OrderStatus): OrderStatus | undefined {
  return statuses[statuses.indexOf(status) + 1];
}

/** Fields and values in turns, as a hash comes through a driver. */
export function orderFromFlat(flat: readonly unknown[]): OrderEvent | undefined {
  const fields = new Map<string, string>();
  for (let i = 0; i + 1 < flat.length; i += 2) fields.set(String(flat[i]), String(flat[i + 1]));
  return orderFromFields(fields);
}

/** `undefined` when there is no such order. */
export function orderFromFields(fields: ReadonlyMap<string, string>): OrderEvent | undefined {
  const id = fields.get('id');
  if (id === undefined) return undefined;
  return {
    id,
    number: Number(fields.get('number')),
    item: fields.get('item') ?? '',
    quantity: Number(fields.get('quantity')),
    status: fields.get('status') as OrderStatus,
    at: Number(fields.get('at')),
    worker: fields.get('worker') ?? '',
    node: fields.get('node') ?? '',
  };
}
