import { expect, it } from 'vitest';
import { persevere } from './persevere.js';

const lost = Object.assign(new Error('lost'), { code: 'CONNECTION_LOST' });

function failing(...errors: Error[]) {
  let calls = 0;
  const task = async (): Promise<number> => {
    const error = errors[calls++];
    if (error !== undefined) throw error;
    return calls;
  };
  return task;
}

it('tries again while connections are in the way', async () => {
  const timeout = Object.assign(new Error('nobody'), { code: 'REQUEST_TIMEOUT' });
  const repository = Object.assign(new Error('cannot'), { code: 'REPOSITORY_ERROR', cause: lost });
  expect(await persevere(failing(lost, timeout, repository))).toBe(4);
});

it('gives up at once on everything else', async () => {
  const mistake = new TypeError('a mistake');
  await expect(persevere(failing(lost, mistake))).rejects.toBe(mistake);
  const repository = Object.assign(new Error('cannot'), { code: 'REPOSITORY_ERROR', cause: mistake });
  await expect(persevere(failing(repository))).rejects.toBe(repository);
});

it('ends with its signal, by what it failed with or by the reason', async () => {
  const ending = new AbortController();
  const task = async () => {
    ending.abort();
    throw lost;
  };
  await expect(persevere(task, ending.signal)).rejects.toBe(lost);
  await expect(persevere(task, ending.signal)).rejects.toThrow(/abort/i);
});
