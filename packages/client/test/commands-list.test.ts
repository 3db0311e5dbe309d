import { startServer } from '@redlane/redis-server';
import { describe, expect, it } from 'vitest';
import { RedisClient } from '../src/client.js';
import { COMMAND_WORDS } from '../src/commands/command-words.js';
import { type CommandName, commandsOf } from '../src/commands/index.js';
import { commandWordsSource, listedCommands, methodName } from './support/command-list.js';

describe('the list of commands', () => {
  it('has all that the servers have, under names made by one rule', async () => {
    await using server = await startServer();
    await using sentinel = await startServer({ mode: 'sentinel' });
    const listed = [...(await listedCommands(server)), ...(await listedCommands(sentinel))];
    expect(listed.length).toBeGreaterThan(200);
    const all = [...Object.values(COMMAND_WORDS), ...listed];
    await expect(commandWordsSource(all)).toMatchFileSnapshot('../src/commands/command-words.ts');
  });

  it('has a method for each, bound to its caller', async () => {
    await using client = new RedisClient({ port: 1 });
    const commands = commandsOf(client);
    for (const name of Object.keys(COMMAND_WORDS)) {
      expect(commands[name as CommandName], name).toBeTypeOf('function');
    }
    expect('then' in commands).toBe(false);
  });

  it('turns words into names', () => {
    expect(['GET', 'CLIENT NO-EVICT', 'EVAL_RO', 'JSON.ARRLEN', 'FT._LIST'].map(methodName)).toEqual([
      'get',
      'clientNoEvict',
      'evalRo',
      'jsonArrlen',
      'ftList',
    ]);
    expect(() => commandWordsSource(['EVAL_RO', 'EVAL RO'])).toThrow('EVAL_RO and EVAL RO');
  });
});
