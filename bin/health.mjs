// Ends with 0 while the service of this machine answers, as its configuration in the environment says where.
import { get as getHttp } from 'node:http';
import { get as getHttps } from 'node:https';

const port = process.env.ANNAL_PORT ?? '4000';
const tls = process.env.ANNAL_TLS_CERT !== undefined;
// Whether it lives is asked, not who it is: no certificate names the loopback address.
const options = { rejectUnauthorized: false, timeout: 4000 };

const request = tls
  ? getHttps(`https://127.0.0.1:${port}/health/live`, options, conclude)
  : getHttp(`http://127.0.0.1:${port}/health/live`, options, conclude);
request.on('timeout', () => request.destroy(new Error('no answer within 4 s')));
request.on('error', (error) => {
  console.error(error.message);
  process.exit(1);
});

function conclude({ statusCode }) {
  process.exit(statusCode === 200 ? 0 : 1);
}
