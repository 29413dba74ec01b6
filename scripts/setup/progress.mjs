// Shows each set-up step: a running clock on a terminal, a line every ten seconds elsewhere. Always on stderr, so that stdout stays for results.

const out = process.stderr;

/**
 * Runs one step and shows it with its duration; steps under a second stay silent.
 * @template T
 * @param {string} title what is being done, in the present participle
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function step(title, work) {
  const began = Date.now();
  const seconds = () => Math.round((Date.now() - began) / 1000);
  const tick = setInterval(() => {
    if (out.isTTY) out.write(`\r\x1b[2K… ${title} (${seconds()} s)`);
    else if (seconds() % 10 === 0) out.write(`… ${title} (${seconds()} s)\n`);
  }, 1000);
  const clear = () => {
    clearInterval(tick);
    if (out.isTTY) out.write("\r\x1b[2K");
  };
  try {
    const result = await work();
    clear();
    if (Date.now() - began >= 1000) out.write(`✓ ${title} (${seconds()} s)\n`);
    return result;
  } catch (error) {
    clear();
    out.write(`✗ ${title} (${seconds()} s)\n`);
    throw error;
  }
}
