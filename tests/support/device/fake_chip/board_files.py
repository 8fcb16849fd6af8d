"""A folder as a file system of a board.

`VfsPosix` with a folder as root confuses the two names of a rename.
"""

import vfs


class BoardFiles:
    def __init__(self, folder):
        self._folder = folder
        self._files = vfs.VfsPosix()

    def mount(self, readonly, mkfs):
        pass

    def umount(self):
        pass

    def chdir(self, path):
        pass

    def getcwd(self):
        return "/"

    def open(self, path, mode):
        return self._files.open(self._here(path), mode)

    def ilistdir(self, path):
        return self._files.ilistdir(self._here(path))

    def mkdir(self, path):
        self._files.mkdir(self._here(path))

    def remove(self, path):
        self._files.remove(self._here(path))

    def rename(self, old, new):
        self._files.rename(self._here(old), self._here(new))

    def rmdir(self, path):
        self._files.rmdir(self._here(path))

    def stat(self, path):
        return self._files.stat(self._here(path))

    def statvfs(self, path):
        return self._files.statvfs(self._here(path))

    def _here(self, path):
        return self._folder + "/" + path.lstrip("/")
