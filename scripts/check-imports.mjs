// npm run verify -- --only imports: who imports whom, against the table in imports.mjs.
import { projectDir } from './files.mjs';
import { checkImports } from './import-rules.mjs';
import * as table from './imports.mjs';

const problems = checkImports(projectDir, table);
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
