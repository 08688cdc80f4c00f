// Smartsheet's own JavaScript SDK against the fake, over HTTP: what it asks must be understood, and what it is answered
// must read as if it came from the real service.
//
//     cargo run -p connectors-mock -- serve --port 8091 --no-quotas &
//     npm ci --prefix mock/tests/javascript_sdk
//     node mock/tests/javascript_sdk/calls.mjs http://127.0.0.1:8091/smartsheet/2.0
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createRequire } from 'node:module';
import smartsheet from 'smartsheet';

import * as content from './content.mjs';
import { counts } from './counted.mjs';
import * as failing from './failing.mjs';
import * as people from './people.mjs';
import * as places from './places.mjs';
import * as reporting from './reporting.mjs';
import * as table from './table.mjs';
import * as webhooks from './webhooks.mjs';

// The SDK puts its paths right behind it.
const base = `${process.argv[2]}/`;
const client = smartsheet.createClient({ accessToken: 'mock-key', baseUrl: base });
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'javascript_sdk-'));
try {
  const [stores, columns] = await table.sheets(client);
  await table.rows(client, stores, columns);
  await table.columnsOf(client, stores);
  await content.everything(client, stores, columns, scratch);
  await people.everything(client, stores);
  await places.everything(client, stores, scratch);
  await reporting.everything(client, stores, columns);
  await table.arranged(client, stores, columns);
  await webhooks.everything(client, stores, columns);
  await failing.everything(base, stores, columns);
} finally {
  fs.rmSync(scratch, { recursive: true });
}
const { version } = createRequire(import.meta.url)('smartsheet/package.json');
const [calls, methods] = counts();
assert.ok(methods >= 170, `only ${methods}`);
console.log(`${calls} calls of ${methods} methods of smartsheet ${version} (JavaScript), all as expected`);
