/** Waits until `check` gives something other than false or undefined; says what it waited for if it never does. */
export async function until<T>(
  what: string,
  check: () => T | Promise<T>,
  timeout = 10_000,
): Promise<Exclude<T, false | undefined>> {
  const deadline = performance.now() + timeout;
  for (;;) {
    const value = await check();
    if (value !== false && value !== undefined) return value as Exclude<T, false | undefined>;
    if (performance.now() > deadline) throw new Error(`Not within ${timeout} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
