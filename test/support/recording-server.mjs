// @ts-check
// A server that records as fast as it can, for a test that kills it: node recording-server.mjs <dataDir>
import { createServer } from 'node:http';
import { createFramehub } from 'framehub';

/** Something new this often, results; five things at a time. */
const LIFE = 2;
let results = 0;

const framehub = await createFramehub({
  dataDir: process.argv[2] ?? '',
  eventMinResults: 1,
  eventMinTime: 0,
  // So little that old events are removed while new ones come.
  eventBytes: 150_000,
  cameras: [
    {
      id: 'front',
      source: 'test:?size=160x120&fps=120',
      record: true,
      detect: {
        fps: 60,
        detector: {
          name: 'busy',
          detect: async () => {
            if (results === 0) console.log('recording');
            results += 1;
            return [0, 1, 2, 3, 4].map((place) => ({
              label: `thing ${Math.floor((results + place) / LIFE)}`,
              score: (results % 10) / 10,
              box: { x: place / 5, y: 0.1, width: 0.1, height: 0.5 },
            }));
          },
          close: async () => {},
        },
      },
    },
  ],
});

createServer(framehub.handler).listen(0, '127.0.0.1');
