import { DatasetError } from '@opposable/tensor-checks';

/** A folder of the user's that files are read from, one by one and only when they are asked for. */
export interface DatasetFolder {
  readonly name: string;
  /** The file at a path with forward slashes. @throws DatasetError if there is none */
  file(path: string): Promise<File>;
}

/** Parts of a path below the folder; a checked name may step out of a folder that it stepped into. */
function partsOf(path: string): string[] {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts;
}

function folderOf(name: string, find: (parts: readonly string[]) => Promise<File | undefined>): DatasetFolder {
  return {
    name,
    async file(path) {
      let cause: unknown;
      const found = await find(partsOf(path)).catch((error: unknown) => void (cause = error));
      if (found !== undefined) return found;
      throw new DatasetError(`${path}: there is no such file in the folder ${name}.`, { expected: path, cause });
    },
  };
}

/** A folder that `showDirectoryPicker` gave. */
export function folderOfHandle(root: FileSystemDirectoryHandle): DatasetFolder {
  return folderOf(root.name, async (parts) => {
    let folder = root;
    for (const part of parts.slice(0, -1)) folder = await folder.getDirectoryHandle(part);
    return (await folder.getFileHandle(parts.at(-1)!)).getFile();
  });
}

/** A folder that was chosen by `<input webkitdirectory>`, which lists its files with their paths. */
export function folderOfFiles(files: Iterable<File>): DatasetFolder {
  const byPath = new Map<string, File>();
  let name = 'without files';
  for (const file of files) {
    const [top, ...below] = file.webkitRelativePath.split('/');
    name = top!;
    byPath.set(below.join('/'), file);
  }
  return folderOf(name, (parts) => Promise.resolve(byPath.get(parts.join('/'))));
}

/** A folder that was dropped. */
function folderOfEntry(entry: FileSystemDirectoryEntry): DatasetFolder {
  const open = (path: string): Promise<FileSystemFileEntry> =>
    new Promise((resolve, reject) => entry.getFile(path, {}, (found) => resolve(found as FileSystemFileEntry), reject));
  return folderOf(entry.name, async (parts) => {
    const found = await open(parts.join('/'));
    return new Promise((resolve, reject) => found.file(resolve, reject));
  });
}

/**
 * The folder among what was dropped. To be called while the event is handled: afterwards the browser forgets it.
 *
 * @throws DatasetError if no folder was dropped
 */
export function droppedFolder({ items, files }: DataTransfer): DatasetFolder {
  const entries = [...items].flatMap((item) => item.webkitGetAsEntry() ?? []);
  const folder = entries.find((entry) => entry.isDirectory);
  if (folder !== undefined) return folderOfEntry(folder as FileSystemDirectoryEntry);
  const what = files[0]?.name ?? 'nothing that is a file';
  throw new DatasetError(`Expected the folder of a prepared dataset, the one that holds dataset.json, got ${what}.`, {
    expected: 'a folder',
    actual: what,
  });
}
