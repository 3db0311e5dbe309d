import { expect, it } from 'vitest';
import { type Published, Visit } from './visit.js';

const topic = { channel: 'news' };

function visit(): { visit: Visit; problems: string[]; publish(number: number): Published } {
  const problems: string[] = [];
  const visit = new Visit(topic, (text) => problems.push(text));
  visit.confirmed();
  const publish = (number: number): Published => {
    const message: Published = { number, from: Date.now() - 1, to: Date.now() };
    visit.await(message);
    return message;
  };
  return { visit, problems, publish };
}

it('takes all messages in order', () => {
  const { visit: it, problems, publish } = visit();
  for (const number of [1, 2, 3]) publish(number);
  for (const number of [1, 2, 3]) it.hear(number);
  it.check({ all: true });
  expect(problems).toEqual([]);
});

it('minds what is missing, unless a gap tells of it or it was never executed', () => {
  const { visit: it, problems, publish } = visit();
  const [one] = [publish(1), publish(2)];
  it.hear(2);
  it.check({ all: true });
  expect(problems).toEqual([expect.stringMatching(/misses 1,/)]);

  const other = visit();
  other.publish(1);
  other.publish(2).to = 'never';
  other.publish(3);
  other.visit.hear(3);
  other.visit.gap({ topic, from: one?.from ?? 0, to: Date.now(), reason: 'connection' });
  other.visit.check({ all: true });
  expect([other.problems, other.visit.missing]).toEqual([[], 1]);
});

it('minds what comes twice, out of order, or after the end', () => {
  const { visit: it, problems } = visit();
  for (const number of [2, 2, 1]) it.hear(number);
  it.end();
  it.hear(3);
  expect(problems).toHaveLength(3);
});
