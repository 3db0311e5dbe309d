/**
 * A shop and a kitchen: the shop sends orders and asks for the bill, the kitchen is reliable, and its first cook gives up.
 *
 *     REDIS_URL=redis://127.0.0.1:6379 npx tsx examples/orders.ts
 */
import { RedisChannel } from '@redlane/channel';

interface Order {
  readonly dish: string;
  readonly price: number;
}

const { REDIS_URL: url = 'redis://127.0.0.1:6379' } = process.env;
await using shop = new RedisChannel<number, Order>(url, '/kitchen/orders', 'client', { envelope: true });

const cook = (consumerId: string) =>
  new RedisChannel<Order, number, true>(url, '/kitchen/orders', 'server', {
    envelope: true,
    reliable: true,
    consumerId,
  });

await shop.sendMsgs([
  { dish: 'soup', price: 4 },
  { dish: 'pie', price: 7 },
]);

const first = cook('first');
console.log('the first cook takes', (await first.recvMsg())?.data.dish, 'and goes home');
await first.close();

await using second = cook('second');
for (let order = await second.recvMsg(); order !== undefined; order = await second.recvMsg()) {
  console.log('the second cook makes', order.data.dish, `(delivered ${order.deliveries} times)`);
  await order.ack();
}

second.serve(({ price }) => price * 1.2);
console.log('with service that is', await shop.request({ dish: 'cake', price: 5 }));
await shop.destroyChannel();
