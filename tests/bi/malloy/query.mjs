// Print the rows of Malloy queries over frontmart.malloy in a folder: node query.mjs FOLDER QUERY...
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { DuckDBConnection } from "@malloydata/db-duckdb";
import { SingleConnectionRuntime } from "@malloydata/malloy";

const [folder, ...queries] = process.argv.slice(2);
const connection = new DuckDBConnection({ name: "duckdb", workingDirectory: folder });
const urlReader = { readURL: async (url) => readFileSync(url, "utf8") };
const model = new SingleConnectionRuntime({ urlReader, connection }).loadModel(
  pathToFileURL(join(folder, "frontmart.malloy")),
);
const problems = (await model.getModel()).problems ?? [];
const answers = [];
for (const query of queries) {
  const result = await model.loadQuery(query).run({ rowLimit: 1_000_000 });
  answers.push(result.data.toObject());
}
const text = JSON.stringify({ problems: problems.map((problem) => problem.message), answers });
// The connection would keep the process alive; a pipe takes long answers in parts.
process.stdout.write(text, () => process.exit(0));
