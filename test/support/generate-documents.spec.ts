import { expect } from 'chai';
import { problemsDocument } from './problems-document.js';
import { problemCodes } from '../../src/api/problems.js';
import { outdatedDocuments } from './generate-documents.js';

describe('generated documents', () => {
  it('are what the code says (npm run docs)', () => {
    expect(outdatedDocuments()).to.deep.equal([]);
  });

  it('list every problem once', () => {
    for (const code of problemCodes) expect(problemsDocument().split(`| \`${code}\` |`)).to.have.length(2);
  });
});
