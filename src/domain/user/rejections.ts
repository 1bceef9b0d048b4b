export type UserRejection =
  | 'user-exists'
  | 'no-such-user'
  | 'user-not-active'
  | 'user-erased'
  | 'nothing-to-verify'
  | 'already-verified'
  | 'identifier-required'
  | 'not-invited'
  | 'not-suspended'
  | 'not-deactivated';
