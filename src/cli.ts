#!/usr/bin/env node
import process from 'node:process';
import { run } from './cli/run.ts';
import { listenForStop } from './cli/stop-signal.ts';
import { processTerminal } from './cli/terminal.ts';
import { serve } from './main.ts';
import { listDevices } from './source/ffmpeg/devices.ts';
import { openSource } from './sources.ts';

/** What still runs after the command has ended may take this long, ms. */
const LINGER = 1_000;

const { argv, env } = process;
const stop = listenForStop(process);
const code = await run(
  { argv: argv.slice(2), env, cwd: process.cwd() },
  { serve, openSource, listDevices },
  processTerminal(process),
  stop.signal,
);
process.exitCode = code;
// The program ends by itself when nothing is left to do, which lets the output be written out.
setTimeout(() => process.exit(code), LINGER).unref();
