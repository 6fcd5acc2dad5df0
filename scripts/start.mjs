// npm start: builds what changed, then is the command.

// npm passes a signal on to the shell between us, which ends without telling anyone.
const shell = process.ppid;
const watch = setInterval(() => {
  if (process.ppid === shell) return;
  clearInterval(watch);
  process.kill(process.pid, 'SIGTERM');
}, 500);
watch.unref();

await import('./build.mjs');
await import('../dist/cli.js');
