// Reads one sheet with the official JavaScript SDK. Prints how many cells it has, and the seconds it took.
const baseUrl = process.argv[2] + '/';
const client = require('smartsheet').createClient({ accessToken: 's3cret', baseUrl, logLevel: 'error' });
const started = process.hrtime.bigint();
client.sheets.getSheet({ id: 500 }).then((sheet) => {
  const cells = sheet.rows.reduce((sum, row) => sum + row.cells.length, 0);
  console.log(cells, (Number(process.hrtime.bigint() - started) / 1e9).toFixed(3));
}, (error) => {
  console.error(error);
  process.exit(1);
});
