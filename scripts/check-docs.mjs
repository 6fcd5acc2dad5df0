// npm run verify -- --only docs: every link in the Markdown files leads somewhere.
import { brokenLinks } from './doc-links.mjs';
import { projectDir } from './files.mjs';

const problems = brokenLinks(projectDir);
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
