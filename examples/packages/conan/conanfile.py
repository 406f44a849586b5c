"""conan create examples/packages/conan --version 3.0.0, in a clone. Consumers: find_package(phasor CONFIG REQUIRED)."""
import os

from conan import ConanFile
from conan.tools.files import copy


class Phasor(ConanFile):
    name = "phasor"
    description = "Timestep embeddings for diffusion models"
    license = "MIT"
    package_type = "header-library"
    settings = "os", "arch", "compiler", "build_type"
    requires = "eigen/3.4.0"
    no_copy_source = True

    def export_sources(self):
        root = os.path.join(self.recipe_folder, "../../..")
        copy(self, "include/*", root, self.export_sources_folder)
        copy(self, "LICENSE", root, self.export_sources_folder)

    def package(self):
        copy(self, "*.hpp", os.path.join(self.source_folder, "include"), os.path.join(self.package_folder, "include"))
        copy(self, "LICENSE", self.source_folder, os.path.join(self.package_folder, "licenses"))

    def package_info(self):
        self.cpp_info.bindirs = self.cpp_info.libdirs = []
        self.cpp_info.set_property("cmake_file_name", "phasor")
        self.cpp_info.set_property("cmake_target_name", "phasor::phasor")

    def package_id(self):
        self.info.clear()
