/** The other end of `startHelper`: answers each message with what `work` gives, or with its error. */
export function answerParent(work: (message: never) => Promise<object>): void {
  process.on('message', async (message) => {
    const answer = await work(message as never).catch((error: Error) => ({ error: error.stack ?? error.message }));
    process.send?.(answer);
  });
}
