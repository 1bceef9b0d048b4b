// A server in a process of its own: node express-floor.js, with DATABASE_URL and ANNAL_PORT. What Express and one
// indexed SELECT, or one INSERT, cost where nothing else is done.
import express from 'express';
import pg from 'pg';
import { collectDefaultMetrics, Registry } from 'prom-client';

const pool = new pg.Pool({ connectionString: process.env['DATABASE_URL'], max: 10 });
const registry = new Registry();
collectDefaultMetrics({ register: registry });

const app = express();
app.get('/', (_, response) => void response.json({ ready: true }));
app.get('/metrics', async (_, response) => void response.type('text/plain').send(await registry.metrics()));
app.post('/introspect', express.urlencoded({ extended: false }), async (request, response) => {
  const { token } = request.body as { token: string };
  const { rows } = await pool.query({
    name: 'floor',
    text: 'SELECT * FROM user_security_v1 WHERE key = $1',
    values: [token],
  });
  response.json({ active: rows.length > 0 });
});
await pool.query('CREATE TABLE IF NOT EXISTS floor (id bigserial PRIMARY KEY, text text NOT NULL)');
app.post('/insert', express.json(), async (request, response) => {
  const { text } = request.body as { text: string };
  const { rows } = await pool.query<{ id: string }>({
    name: 'insert',
    text: 'INSERT INTO floor (text) VALUES ($1) RETURNING id',
    values: [text],
  });
  response.json({ id: rows[0]?.id });
});
const server = app.listen(Number(process.env['ANNAL_PORT']), '127.0.0.1');
process.once('SIGTERM', () => {
  server.close();
  server.closeAllConnections();
  void pool.end();
});
