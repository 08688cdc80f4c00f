// Every call of the SDK goes through here, so that it is counted, and by its name.
import assert from 'node:assert/strict';

let calls = 0;
const methods = new Set();

/** Calls `resource.method` of the client. */
export async function call(client, name, options = {}) {
  const [resource, method] = name.split('.');
  assert.equal(typeof client[resource][method], 'function', `${name} is no method of the SDK`);
  calls += 1;
  methods.add(name);
  try {
    return await client[resource][method](options);
  } catch (error) {
    // The SDK throws plain objects, which say nothing of where they come from.
    throw Object.assign(new Error(), error, { message: `${name}: ${JSON.stringify(error)}` });
  }
}

/** The call must be refused with this code of Smartsheet's. */
export async function refused(code, client, name, options = {}) {
  let answer;
  try {
    answer = await call(client, name, options);
  } catch (error) {
    assert.equal(error.errorCode, code, `${name}: ${error.errorCode} in place of ${code}: ${error.message}`);
    return error;
  }
  throw new Error(`${name} was not refused: ${JSON.stringify(answer)}`);
}

/** The one of this name. */
export function named(name, held) {
  const found = held.filter((one) => one.name === name);
  assert.equal(found.length, 1, `${found.length} are called ${name}`);
  return found[0];
}

export function cell(row, column) {
  return row.cells.find((held) => held.columnId === column.id);
}

export const counts = () => [calls, methods.size];
