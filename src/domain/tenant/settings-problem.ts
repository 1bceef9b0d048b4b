/** One thing that is wrong with an override, by JSON pointer. */
export type SettingsProblem = Readonly<{
  pointer: string;
  code: 'unknown-setting' | 'wrong-type' | 'out-of-range';
  message: string;
}>;
