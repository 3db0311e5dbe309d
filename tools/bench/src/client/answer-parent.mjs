/**
 * Does what the parent asks for, one thing at a time, and answers; the process ends with the parent.
 *
 * @param {Record<string, (request: any) => unknown>} handlers by name; after `close` nothing but a client's own handles may
 *   keep this process alive
 */
export function answerParent(handlers) {
  let isClosed = false;

  process.on('message', async ({ name, ...request }) => {
    let message;
    try {
      message = { result: await handlers[name](request) };
    } catch (error) {
      message = { error: error?.stack ?? String(error) };
    }
    isClosed = name === 'close';
    process.send(message, () => {
      if (isClosed) process.disconnect();
    });
  });

  process.on('disconnect', () => {
    if (!isClosed) process.exit(1);
  });
}
