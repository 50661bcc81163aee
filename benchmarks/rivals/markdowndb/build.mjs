// A rival: MarkdownDB indexes the files into SQLite, where SQL makes the tables and the coverage.
// Usage: `node build.mjs SOURCE OUT`.
//
// MarkdownDB stores the front matter of .md files as JSON in one column, from which SQL makes the tables. It stops at a
// file with invalid YAML, so such files are found first. Its parser, gray-matter, caches results: nothing is parsed twice.
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import matter from "gray-matter";
import { MarkdownDB } from "mddb";

const [source, out] = process.argv.slice(2).map((folder) => path.resolve(folder));

const ITEM = `
  value ->> 'title' as title, value ->> 'excerpt' as excerpt, value ->> 'type' as type, value ->> 'webUrl' as web_url,
  datetime(value ->> 'publishedDateTime') as published_at, value ->> 'quality' as quality, value ->> 'heat' as heat,
  value ->> '$.provider.name' as provider_name, value ->> '$.provider.domain' as provider_domain`;
const IMAGE = "value ->> 'url' as url, value ->> 'width' as width, value ->> 'height' as height";

// MarkdownDB gives every file tags and tasks, even a file without front matter.
const DOCUMENTS = `select _id as document_id, metadata as value from files
  where metadata not in ('{}', '{"tags":[],"tasks":[]}')`;
const RELATED = `with parents as (${DOCUMENTS}) select * from ${entries("document_id", "related")}`;

// The items of a list, with a single value as a list of one.
function entries(key, field) {
  const value = `parents.value -> '$.${field}'`;
  return `
    (select ${key}, each.key as position, each.value
     from parents, json_each(iif(json_type(${value}) = 'array', ${value}, json_array(json(${value})))) as each
     where ${value} is not null and each.value is not null)`;
}

function table(name, parents, select) {
  return `create table ${name} as with parents as (${parents}) select ${select}`;
}

const TABLES = [
  table("documents", DOCUMENTS, `document_id, value ->> 'name' as name, ${ITEM} from parents`),
  table("topics", DOCUMENTS, `document_id, position, value as topic from ${entries("document_id", "topics")}`),
  table("images", DOCUMENTS, `document_id, position, ${IMAGE} from ${entries("document_id", "images")}`),
  table("related", RELATED, `document_id, position, ${ITEM} from parents`),
  table(
    "related_images",
    RELATED.replace("select *", "select document_id, position as related_position, value"),
    `document_id, related_position, position, ${IMAGE} from ${entries("document_id, related_position", "images")}`,
  ),
  `create table coverage as
   select topic, count(*) as article_count, count(distinct provider_domain || '/' || provider_name) as provider_count,
     avg(iif(heat >= 0, heat, null)) as mean_heat, min(published_at) as first_published_at,
     max(published_at) as last_published_at
   from (select distinct document_id, topic from topics) inner join documents using (document_id)
   group by topic order by article_count desc, topic`,
];

function unreadable(folder) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true });
  return files.map((file) => path.join(file.path, file.name)).filter((file) => file.endsWith(".md") && isBroken(file));
}

function isBroken(file) {
  try {
    matter(readFileSync(file, "utf8"));
    return false;
  } catch (error) {
    if (error.name !== "YAMLException") throw error;
    console.error(`skipped ${path.relative(source, file)}: ${error.name}`);
    return true;
  }
}

// MarkdownDB also writes .markdowndb/files.json into the working folder.
process.chdir(out);
const ignorePatterns = unreadable(source).map((file) => new RegExp(file.replace(/[^\w/]/g, "\\$&")));
const client = new MarkdownDB({ client: "sqlite3", connection: { filename: "markdown.db" } });
await client.init();
await client.indexFolder({ folderPath: source, ignorePatterns, customConfig: {} });
for (const statement of TABLES) await client.db.raw(statement);
client._destroyDb();
