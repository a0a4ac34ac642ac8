/** What runs tasks one after the other: a network is not replaced while it is being used. */
export function inTurn(): <T>(task: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (task) => {
    const run = last.then(task);
    last = run.catch(() => undefined); // whoever asked for it hears of it
    return run;
  };
}
