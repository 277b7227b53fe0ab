import { execFileSync } from 'node:child_process';

/**
 * Servers that the tests run against, and are not npm packages. Debian's package is installed where that may be done;
 * otherwise the run ends here with the command to run.
 */
export function requireProgram(program: string, debianPackage: string): void {
  if (found(program)) return;
  if (process.getuid?.() === 0) {
    execFileSync('apt-get', ['update', '-qq'], { stdio: 'ignore' });
    execFileSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', debianPackage], {
      stdio: 'ignore',
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
  }
  if (!found(program))
    throw new Error(
      `The tests need ${program}. Install it and run them again: sudo apt-get install -y ${debianPackage}`,
    );
}

/** Servers often lie where only root's PATH leads. */
export const withSbin = (): NodeJS.ProcessEnv => ({ ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin` });

function found(program: string): boolean {
  try {
    execFileSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore', env: withSbin() });
    return true;
  } catch {
    return false;
  }
}
