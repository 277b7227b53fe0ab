import { buildProgram, runProgram } from './cli/index.ts';
import { createCommands } from './main/commands.ts';

/** The composition root: `kanal` with everything behind it. Called by bin/kanal.js. */
export async function main(argv: readonly string[]): Promise<void> {
  try {
    process.exitCode = await runProgram(buildProgram(createCommands()), argv);
  } catch (error) {
    process.stderr.write(`kanal: ${(error as Error).message}\n`);
    process.exitCode = 1;
  }
}
