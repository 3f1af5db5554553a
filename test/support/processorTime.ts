/** Of this process, in milliseconds: unlike the time on the wall it is the same on a busy machine. */
export function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
