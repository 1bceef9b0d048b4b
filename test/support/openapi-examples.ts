import { Ajv } from 'ajv';
import { expect } from 'chai';

type Content = Readonly<Record<string, Readonly<{ schema: object; example?: unknown }>>>;
type Operation = Readonly<{
  requestBody?: Readonly<{ content: Content }>;
  responses: Readonly<Record<string, Readonly<{ content?: Content }>>>;
}>;

/** Every body and every successful answer of an OpenAPI 3.1 document has an example, and the example fits its schema. */
export function expectExamplesToFit(document: object): void {
  const ajv = new Ajv({ strict: false, validateFormats: false });
  ajv.addSchema(document, 'api');
  const { paths } = document as Readonly<{ paths: Readonly<Record<string, Readonly<Record<string, Operation>>>> }>;
  for (const [path, methods] of Object.entries(paths)) {
    for (const [method, { requestBody, responses }] of Object.entries(methods)) {
      const place = `/paths/${path.replaceAll('/', '~1')}/${method}`;
      if (requestBody) check(ajv, requestBody.content, `${place}/requestBody`);
      for (const [status, { content }] of Object.entries(responses)) {
        if (content && Number(status) < 400) check(ajv, content, `${place}/responses/${status}`);
      }
    }
  }
}

function check(ajv: Ajv, content: Content, place: string): void {
  for (const [mediaType, { example }] of Object.entries(content)) {
    const at = `${place}/content/${mediaType.replaceAll('/', '~1')}`;
    expect(example, at).not.to.equal(undefined);
    const validate = ajv.compile({ $ref: encodeURI(`api#${at}/schema`) });
    expect(validate(example), `${at}: ${JSON.stringify(validate.errors)}`).to.equal(true);
  }
}
