// @ts-check
import { framehubVariant } from '../contestants/framehub.mjs';
import { ustreamer } from '../contestants/ustreamer.mjs';
import { Figures } from '../report/figures.mjs';
import { median } from '../report/statistics.mjs';
import { runLoad } from '../system/load.mjs';
import { createSlowLink } from '../system/slow-link.mjs';

/**
 * `tbf` lets through at once what it has saved up in silence. With 16 KB of that, a small picture
 * passes as if the link were fast; with two packets, every byte takes the time it takes.
 */
export const cases = [
  { at: '4 Mbit/s, bursts of 16 KB', rate: '4mbit', burst: '16kb' },
  { at: '4 Mbit/s', rate: '4mbit', burst: '3200' },
  { at: '1 Mbit/s, bursts of 16 KB', rate: '1mbit', burst: '16kb' },
  { at: '1 Mbit/s', rate: '1mbit', burst: '3200' },
];
/** It takes long. */
const MOST_ROUNDS = 3;

const withOption = framehubVariant({
  id: 'framehub-option',
  name: 'framehub',
  what: 'As it is installed: `TCP_NOTSENT_LOWAT` is set on the sockets of its viewers.',
});
const withoutOption = framehubVariant({
  id: 'framehub-no-option',
  name: 'framehub, option off',
  what: '`FRAMEHUB_NOT_SENT_LOWAT=off`.',
  env: { FRAMEHUB_NOT_SENT_LOWAT: 'off' },
});
const auto = framehubVariant({
  id: 'framehub-auto',
  name: 'framehub, quality=auto',
  what: '`?quality=auto`: each viewer gets the variant its link can carry.',
  query: '?quality=auto',
});
export const contestants = [auto, withOption, withoutOption, ustreamer];

/** @param {readonly string[]} values */
export function optionValues(values) {
  return values.map((value) =>
    framehubVariant({
      id: `framehub-option-${value}`,
      name: `framehub, option ${value}`,
      what: `\`FRAMEHUB_NOT_SENT_LOWAT=${value}\`.`,
      env: { FRAMEHUB_NOT_SENT_LOWAT: value },
    }),
  );
}

/**
 * Age of a picture when one viewer has all of it, over a slow link. Each contestant has a link of
 * its own, and all of them are measured at the same time: they hardly use the processor.
 *
 * @param {import('../context.mjs').Bench} bench
 * @returns {Promise<import('../context.mjs').Measured>}
 */
export async function measureLink(bench) {
  const found = new Figures();
  if (process.getuid?.() !== 0) {
    found.remark(
      'Left out: it needs root, to make network namespaces and a slow link between them.',
    );
    return { figures: found.figures, remarks: found.remarks };
  }
  found.remark('The floor is left out: it listens on the loopback address only.');
  const entered = [];
  for (const [index, contestant] of [...contestants, ...optionValues(bench.lowat)].entries()) {
    bench.say(`starting ${contestant.name} on a link of its own`);
    const link = await createSlowLink(bench.cleanup, index);
    const place = { host: link.serverAddress, netns: link.serverNetns };
    entered.push({ contestant, link, server: await contestant.start(bench, place) });
  }
  const window = bench.quick ? { warmup: 4, seconds: 4 } : { warmup: 5, seconds: 8 };
  for (let round = 0; round < Math.min(bench.repeat, MOST_ROUNDS); round += 1) {
    for (const { at, rate, burst } of bench.quick ? cases.slice(0, 2) : cases) {
      bench.say(`round ${round + 1}, ${at}: all of them`);
      const loads = await Promise.all(
        entered.map(async ({ contestant, link, server }) => {
          await link.setRate(rate, burst);
          const { serverAddress: host, viewerNetns: netns } = link;
          const load = await runLoad(bench, server, { connections: 1, host, netns, ...window });
          return { contestant, load };
        }),
      );
      record(found, round, at, loads);
    }
  }
  await Promise.all(
    entered.map(async ({ server, link }) => {
      await server.stop();
      await link.remove();
    }),
  );
  return { figures: found.figures, remarks: found.remarks };
}

/**
 * @param {Figures} found
 * @param {number} round
 * @param {string} at
 * @param {readonly { contestant: import('../context.mjs').Contestant, load: import('../system/load.mjs').Load }[]} loads
 */
function record(found, round, at, loads) {
  // A picture that was encoded anew has no stamp. Its X-Timestamp is that of the picture it was made
  // of, and how far that is from the stamp can be seen on framehub's other viewers.
  const offset = median(
    loads
      .filter(({ contestant }) => contestant !== auto)
      .flatMap(({ contestant, load }) =>
        contestant.id.startsWith('framehub') && load.timestampOffset
          ? [load.timestampOffset.p50]
          : [],
      ),
  );
  for (const { contestant, load } of loads) {
    const stamped = load.age !== undefined && load.age.count * 2 > (load.frames ?? 0);
    const age = stamped ? load.age : load.timestampAge;
    const more = stamped ? 0 : offset;
    if (!stamped && age !== undefined) {
      found.remark(
        `Pictures that ${contestant.name} encoded anew have no stamp: their age is that of X-Timestamp and the time from the stamp to X-Timestamp, which other viewers of framehub saw in the same round.`,
      );
    }
    if (age === undefined) {
      found.remark(
        `${contestant.name} delivered no whole picture within ${load.seconds.toFixed(0)} s at ${at}.`,
      );
    }
    found.add(round, contestant.id, at, {
      age: age === undefined ? undefined : age.p50 + more,
      ageP99: age === undefined ? undefined : age.p99 + more,
      fps: (load.frames ?? 0) / load.seconds,
      frameBytes: load.frameBytes,
    });
  }
}
