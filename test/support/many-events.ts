import { openDatabase } from '../../src/events/database.ts';

/** When the first of them was seen, ms since the epoch; the others follow, one a second. */
const MANY_START = Date.UTC(2026, 0, 1);

/** Fills the store of a folder with so many events, without their pictures. */
export function writeManyEvents(folder: string, count: number): void {
  const { db, close } = openDatabase(folder);
  db.exec(`
    WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ${count - 1})
    INSERT INTO events SELECT
      (${MANY_START} + i * 1000) * 1024, 'camera-' || (i % 7), 'person', 'test',
      ${MANY_START} + i * 1000, ${MANY_START} + i * 1000 + 5000, 1, 0.5 + (i % 50) / 100.0, 25,
      '{"seq":' || i || ',"capturedAt":1767225600000,"width":1280,"height":720,"box":{"x":0.1,"y":0.2,"width":0.1,"height":0.3}}',
      '[{"at":1767225600000,"x":0.1,"y":0.2,"width":0.1,"height":0.3},{"at":1767225605000,"x":0.5,"y":0.2,"width":0.1,"height":0.3}]',
      30000
    FROM n`);
  close();
}
