// Asks the warehouse in the folder of a source one query as Evidence does -> its DuckDB, types and rows, a line of JSON.
import { version } from '@duckdb/node-api';
import connector from '@evidence-dev/duckdb';

const [folder, sql] = process.argv.slice(2);
const run = await connector.getRunner({ filename: 'warehouse.duckdb' }, folder);
const result = await run(sql, 'query.sql', 1000);
const rows = [];
for await (const batch of result.rows()) rows.push(...[batch].flat());
const types = Object.fromEntries(result.columnTypes.map((column) => [column.name, column.evidenceType]));
console.log(JSON.stringify({ version: version(), types, rows }));
process.exit(0);
