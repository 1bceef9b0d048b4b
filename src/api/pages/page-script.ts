/** Served at a URL of its own. No page needs it: it only adds to what works without. */
export const pageScript = `'use strict';
for (const field of document.querySelectorAll('[data-show]')) {
  const input = field.querySelector('input');
  const button = document.createElement('button');
  const turn = (shown) => {
    input.type = shown ? 'text' : 'password';
    button.textContent = shown ? field.dataset.hide : field.dataset.show;
  };
  button.type = 'button';
  button.className = 'reveal';
  button.setAttribute('aria-controls', input.id);
  turn(false);
  button.addEventListener('click', () => {
    turn(input.type === 'password');
    input.focus();
  });
  // Browsers remember what was typed into a field of text.
  input.form.addEventListener('submit', () => turn(false));
  field.append(button);
}
`;
