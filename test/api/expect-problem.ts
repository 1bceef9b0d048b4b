import { expect } from 'chai';

export type ProblemBody = Readonly<{
  type: string;
  status: number;
  code: string;
  instance: string;
  errors?: readonly unknown[];
}>;

/** Asserts the whole shape of a problem and returns it. */
export async function expectProblem(answer: Response, status: number, code: string): Promise<ProblemBody> {
  const body = (await answer.json()) as ProblemBody;
  expect({ status: answer.status, code: body.code, inBody: body.status }).to.deep.equal({
    status,
    code,
    inBody: status,
  });
  expect(answer.headers.get('content-type')).to.equal('application/problem+json');
  expect(body.type).to.equal(`https://id.example.com/problems/${code}`);
  expect(body.instance).to.equal(answer.headers.get('x-request-id'));
  return body;
}
